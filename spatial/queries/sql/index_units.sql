WITH RECURSIVE named AS (
    SELECT id, core.unit_name(type_vi, name) AS title FROM core.admin_unit WHERE parent_id IS NULL
    UNION ALL
    SELECT u.id, core.unit_name(u.type_vi, u.name) || ', ' || named.title
    FROM core.admin_unit u JOIN named ON u.parent_id = named.id
), entry AS (
    SELECT u.key, u.label_point,
        named.title || CASE WHEN u.valid_to IS NULL THEN ''
                            ELSE ' (đến ' || to_char(u.valid_to - 1, 'DD/MM/YYYY') || ')' END AS title
    FROM core.admin_unit u JOIN named USING (id)
)
INSERT INTO derived.search_entry (layer_id, key, title, fold, point)
SELECT 'admin_unit', key, title, core.vn_fold(title), label_point FROM entry
