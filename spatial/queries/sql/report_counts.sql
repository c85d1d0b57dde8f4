-- Features and area of a unit by layer.
SELECT layer_id, sum(n) AS features, sum(area_m2) AS area_m2
FROM derived.feature_summary
WHERE unit_id = :unit_id AND layer_id = ANY (CAST(:layers AS text[]))
GROUP BY layer_id
ORDER BY layer_id
