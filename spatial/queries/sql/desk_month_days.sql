-- One row per local day with cases, all fields and handling units together.
SELECT day, received, processed, processed_late
FROM derived.feedback_day
WHERE unit_id = :unit_id AND day BETWEEN :first AND :last AND category = '' AND handling_unit = ''
ORDER BY day
