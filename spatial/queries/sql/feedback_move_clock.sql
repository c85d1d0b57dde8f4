-- Up to when months that run, or ended since, are known.
UPDATE derived.feedback_period SET until = least(:now, ((period - make_interval(months => :named_after))
    + make_interval(months => 1, days => :start_day - 1, hours => :start_hour)) AT TIME ZONE :zone)
WHERE period = ANY(:running)
