-- The pin of a case. The exact place is for whoever must go there; the public position may be snapped.
SELECT ST_X(coalesce(c.exact, f.geom)) AS lon, ST_Y(coalesce(c.exact, f.geom)) AS lat,
       c.exact IS NOT NULL AS exact, ST_X(f.geom) AS public_lon, ST_Y(f.geom) AS public_lat,
       CASE WHEN c.exact IS NULL THEN NULL
            ELSE ST_Distance(c.exact::geography, f.geom::geography) END AS moved_m,
       c.pin_check, c.place_text, c.text_unit_id, named.key AS text_unit_key, f.unit_ids, f.commune_code
FROM layer.feedback f
LEFT JOIN core.feedback_case c ON c.key = f.key
LEFT JOIN core.admin_unit named ON named.id = c.text_unit_id
WHERE f.key = :code
