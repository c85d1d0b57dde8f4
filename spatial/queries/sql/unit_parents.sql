-- The parent's version in force on the child's first day; when the parent's data begin later, its first version.
UPDATE core.admin_unit child SET parent_id = found.parent_id
FROM (
    SELECT c.id, (
        SELECT p.id FROM core.admin_unit p
        WHERE p.code = c.parent_code AND p.level <> 'commune' AND p.level <> c.level
          AND (p.valid_to IS NULL OR p.valid_to > c.valid_from) AND (c.valid_to IS NULL OR p.valid_from < c.valid_to)
        ORDER BY p.valid_from LIMIT 1) AS parent_id
    FROM core.admin_unit c
) AS found
WHERE child.id = found.id AND child.parent_id IS DISTINCT FROM found.parent_id
