WITH RECURSIVE top AS (
    SELECT id, code FROM core.admin_unit WHERE level = 'province'
    UNION ALL
    SELECT c.id, top.code FROM core.admin_unit c JOIN top ON c.parent_id = top.id
)
UPDATE core.admin_unit u SET province_code = top.code
FROM top WHERE u.id = top.id AND u.province_code IS DISTINCT FROM top.code
