-- name_fold is type and name; the query comes with the type word (whole) and without (name).
SELECT {columns} FROM {table}
CROSS JOIN LATERAL (SELECT core.vn_fold(u.name) AS bare) AS folded
WHERE u.name_fold LIKE :pattern
  AND (({valid}) OR (u.level = 'district' AND u.valid_from <= :last_day
                     AND (u.valid_to IS NULL OR u.valid_to > :last_day)))
ORDER BY u.name_fold = :whole DESC, bare = :name DESC, starts_with(bare, :name) DESC,
         array_position(ARRAY['province', 'district', 'commune'], u.level), u.name_fold, u.code
LIMIT :limit
