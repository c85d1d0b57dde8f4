-- Units whose page may show something: today's provinces and communes, and the districts of the last day on which there
-- were any. A commune of today lies in the district most of its people lived in.
WITH today AS (
    SELECT id, level, code, key, population, parent_id, province_code FROM core.admin_unit
    WHERE valid_from <= :today AND (valid_to IS NULL OR valid_to > :today)
), former AS (
    SELECT DISTINCT ON (link.successor_id) link.successor_id AS unit_id, district.id AS district_id
    FROM core.admin_link link
    JOIN core.admin_unit old ON old.id = link.predecessor_id AND old.level = 'commune'
    JOIN core.admin_unit district ON district.id = old.parent_id AND district.level = 'district'
    GROUP BY link.successor_id, district.id, district.key
    ORDER BY link.successor_id, sum(link.successor_people_share) DESC, district.key
), commune AS (
    SELECT c.id, c.level, c.code, c.key, c.population,
           coalesce(CASE WHEN parent.level = 'district' THEN parent.id END, former.district_id) AS district_id,
           province.id AS province_id
    FROM today c
    LEFT JOIN today parent ON parent.id = c.parent_id
    LEFT JOIN former ON former.unit_id = c.id
    LEFT JOIN today province ON province.level = 'province' AND province.code = c.province_code
    WHERE c.level = 'commune'
), district AS (
    SELECT d.id, d.level, d.code, d.key, d.population, NULL::integer AS district_id, min(commune.province_id) AS province_id
    FROM core.admin_unit d JOIN commune ON commune.district_id = d.id
    GROUP BY d.id, d.level, d.code, d.key, d.population
)
SELECT id, level, code, key, population, district_id, province_id FROM commune
UNION ALL SELECT * FROM district
UNION ALL SELECT id, level, code, key, population, NULL, NULL FROM today WHERE level = 'province'
