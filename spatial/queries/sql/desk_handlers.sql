-- Names of handling units in the cases, by a walk along distinct values: no register yet.
SELECT name AS code, name, 'agency' AS kind, NULL::integer AS unit_id, '{}'::text[] AS categories
FROM (SELECT DISTINCT handling_unit AS name FROM layer.feedback WHERE handling_unit IS NOT NULL) AS found
ORDER BY name
