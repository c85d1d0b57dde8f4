-- Districts of the last day before the reform on the ground of one province of today.
WITH province AS (
    SELECT p.id, p.valid_from FROM core.admin_unit p
    WHERE p.level = 'province' AND p.code = :province_code
    ORDER BY p.valid_from <= :reform AND (p.valid_to IS NULL OR p.valid_to > :reform) DESC, p.valid_from DESC
    LIMIT 1
), old_province AS (
    SELECT old.code FROM core.admin_unit old
    WHERE old.level = 'province' AND old.valid_from <= :last_day AND (old.valid_to IS NULL OR old.valid_to > :last_day)
      AND (old.id IN (SELECT id FROM province)
           OR old.id IN (SELECT l.predecessor_id FROM core.admin_link l JOIN province ON l.successor_id = province.id
                         WHERE l.area_share > 0.5))
)
SELECT {columns} FROM {table}
WHERE u.level = 'district' AND u.valid_from <= :last_day AND (u.valid_to IS NULL OR u.valid_to > :last_day)
  AND u.province_code IN (SELECT code FROM old_province)
ORDER BY u.code
