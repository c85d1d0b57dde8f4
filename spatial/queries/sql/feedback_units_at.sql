-- Every version of every unit that holds a point, and how far its middle is (m).
SELECT DISTINCT unit.id, unit.key, unit.code, unit.level, unit.type_vi, unit.name, unit.province_code,
    core.unit_name(unit.type_vi, unit.name) AS full_name, unit.valid_from, unit.valid_to,
    (unit.valid_from <= :today AND (unit.valid_to IS NULL OR unit.valid_to > :today)) AS current,
    ST_DistanceSphere(unit.label_point, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)) AS centre_m
FROM core.admin_unit_part part JOIN core.admin_unit unit ON unit.id = part.unit_id
WHERE ST_Intersects(part.geom, ST_SetSRID(ST_MakePoint(:lon, :lat), 4326))
ORDER BY unit.id
