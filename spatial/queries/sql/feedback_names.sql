-- Names of the units of the province on screen, of all times, and of the provinces whose ground it took over.
WITH shown AS (
    SELECT DISTINCT code FROM core.admin_unit WHERE level = 'province' AND (CAST(:province AS text) IS NULL
        OR code = :province)
), province AS (
    SELECT code FROM shown
    UNION
    SELECT old.code FROM core.admin_unit new JOIN core.admin_link link ON link.successor_id = new.id
        JOIN core.admin_unit old ON old.id = link.predecessor_id
    WHERE new.level = 'province' AND old.level = 'province' AND new.code IN (SELECT code FROM shown)
)
SELECT unit.id, unit.level, unit.name_fold AS full_fold, core.vn_fold(unit.name) AS bare_fold
FROM core.admin_unit unit
WHERE unit.province_code IN (SELECT code FROM province) OR (unit.level = 'province' AND unit.code IN (SELECT code FROM province))
