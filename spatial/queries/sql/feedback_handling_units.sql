-- Agencies of the regulation and committees of today's communes; others become inactive, none is deleted.
WITH agency AS (
    SELECT code, name, kind, CAST(NULL AS integer) AS unit_id, string_to_array(nullif(categories, ''), ',') AS categories
    FROM unnest(CAST(:codes AS text[]), CAST(:names AS text[]), CAST(:kinds AS text[]), CAST(:categories AS text[]))
        AS a (code, name, kind, categories)
), commune AS (
    SELECT 'commune.' || unit.code AS code,
        CAST(:committee AS text) || ' ' || core.unit_name(unit.type_vi, unit.name)
            -- two communes of a name in the database: the code tells them apart
            || CASE WHEN count(*) OVER (PARTITION BY core.unit_name(unit.type_vi, unit.name)) > 1
                THEN ' (' || unit.code || ')' ELSE '' END AS name,
        'commune' AS kind, unit.id AS unit_id, CAST(:commune_categories AS text[]) AS categories
    FROM core.admin_unit unit
    WHERE unit.level = 'commune' AND unit.valid_from <= :today AND (unit.valid_to IS NULL OR unit.valid_to > :today)
), wanted AS (
    SELECT code, name, kind, unit_id, coalesce(categories, '{}') AS categories FROM agency
    UNION ALL SELECT code, name, kind, unit_id, categories FROM commune
), retired AS (
    UPDATE core.handling_unit SET active = false, updated_at = now()
    WHERE active AND code NOT IN (SELECT code FROM wanted)
)
INSERT INTO core.handling_unit AS h (code, name, kind, unit_id, categories)
SELECT code, name, kind, unit_id, categories FROM wanted
ON CONFLICT (code) DO UPDATE SET name = excluded.name, kind = excluded.kind, unit_id = excluded.unit_id,
    categories = excluded.categories, active = true, updated_at = now()
WHERE (h.name, h.kind, h.unit_id, h.categories, h.active)
    IS DISTINCT FROM (excluded.name, excluded.kind, excluded.unit_id, excluded.categories, true)
