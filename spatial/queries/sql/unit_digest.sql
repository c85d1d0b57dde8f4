SELECT md5(concat(
    (SELECT md5(string_agg(concat_ws(',', id, parent_id, province_code, md5(ST_AsBinary(geom_map)),
                                     ST_AsText(label_point, 7)), ';' ORDER BY id))
     FROM core.admin_unit),
    (SELECT md5(string_agg(concat_ws(',', predecessor_id, successor_id, method,
                                     round(area_share::numeric, 9), round(people_share::numeric, 9),
                                     round(successor_area_share::numeric, 9), round(successor_people_share::numeric, 9)),
                           ';' ORDER BY predecessor_id, successor_id))
     FROM core.admin_link)))
