-- The same of the indicators made of them: official once the month is over.
UPDATE derived.indicator_computed SET until = least(:now, ((period - make_interval(months => :named_after))
    + make_interval(months => 1, days => :start_day - 1, hours => :start_hour)) AT TIME ZONE :zone),
    state = CASE WHEN ((period - make_interval(months => :named_after))
    + make_interval(months => 1, days => :start_day - 1, hours => :start_hour)) AT TIME ZONE :zone < :now
        THEN 'official' ELSE 'estimate' END
WHERE period = ANY(:running) AND code = ANY(:codes)
