-- Every version of every unit of the province on screen, with the old district most of its people lived in.
WITH home AS (
    SELECT code FROM core.admin_unit WHERE id = :province_id
    UNION
    SELECT old.code FROM core.admin_link link JOIN core.admin_unit old ON old.id = link.predecessor_id
    WHERE link.successor_id = :province_id AND old.level = 'province'
), former AS (
    SELECT DISTINCT ON (link.successor_id) link.successor_id AS unit_id, district.key, district.id
    FROM core.admin_link link
    JOIN core.admin_unit old ON old.id = link.predecessor_id AND old.level = 'commune'
    JOIN core.admin_unit district ON district.id = old.parent_id AND district.level = 'district'
    GROUP BY link.successor_id, district.key, district.id
    ORDER BY link.successor_id, sum(link.successor_people_share) DESC, district.key
)
SELECT unit.id, unit.key, unit.code, unit.level, unit.type_vi, unit.name, unit.valid_from, unit.valid_to,
       unit.population, unit.area_km2, parent.key AS parent_key, former.key AS former_key,
       ST_XMin(box.geom) AS west, ST_YMin(box.geom) AS south, ST_XMax(box.geom) AS east, ST_YMax(box.geom) AS north
FROM core.admin_unit unit
LEFT JOIN core.admin_unit parent ON parent.id = unit.parent_id
LEFT JOIN former ON former.unit_id = unit.id
CROSS JOIN LATERAL (SELECT Box2D(unit.geom)::geometry AS geom) AS box
WHERE unit.province_code IN (SELECT code FROM home) OR (unit.level = 'province' AND unit.code IN (SELECT code FROM home))
ORDER BY unit.level, unit.name_fold, unit.valid_from
