"""VN-2000 in spatial_ref_sys with the legal transformation pinned, and how far incremental jobs have come.

PostGIS 3.3 asks PROJ for auth_name:auth_srid first. For «EPSG:9210» PROJ chooses between EPSG:6960 (the legal set) and
EPSG:5194 by the place of each point, a silent step of 0.8 m in the south. Under an authority PROJ does not know it
falls back on srtext, whose TOWGS84 leaves no choice. srtext keeps its EPSG codes, by which QGIS and GDAL know the system.

Rows of shipped SRIDs are not part of a pg_dump; after a restore into a fresh PostGIS call core.pin_vn2000() again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(PIN_FUNCTION)
    op.execute("COMMENT ON FUNCTION core.pin_vn2000 IS 'VN-2000 rows of spatial_ref_sys, all with EPSG:6960'")
    op.execute("SELECT core.pin_vn2000()")
    op.create_table(
        "watermark",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watermark")),
        schema="ops",
    )


def downgrade() -> None:
    op.drop_table("watermark", schema="ops")
    op.execute("DROP FUNCTION core.pin_vn2000()")
    op.execute("DELETE FROM spatial_ref_sys WHERE auth_name = 'GEOIOC' AND srid BETWEEN 9205 AND 9218")
    op.execute("UPDATE spatial_ref_sys SET auth_name = 'EPSG' WHERE auth_name = 'GEOIOC'")


# EPSG:6956 to 6959 have easting and northing swapped and are deprecated: without a row a transform is refused.
PIN_FUNCTION = """
CREATE FUNCTION core.pin_vn2000() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    towgs84 constant text :=
        '-191.90441429,-39.30318279,-111.45032835,0.00928836,-0.01975479,0.00427372,0.252906278';
    geographic constant text :=
        'GEOGCS["VN-2000",DATUM["Vietnam_2000",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        || 'TOWGS84[' || towgs84 || '],AUTHORITY["EPSG","6756"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],'
        || 'UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4756"]]';
BEGIN
    DELETE FROM public.spatial_ref_sys WHERE srid BETWEEN 6956 AND 6959;
    INSERT INTO public.spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
    VALUES (4756, 'GEOIOC', 4756, geographic, '+proj=longlat +ellps=WGS84 +towgs84=' || towgs84 || ' +no_defs')
    ON CONFLICT (srid) DO UPDATE
        SET auth_name = excluded.auth_name, srtext = excluded.srtext, proj4text = excluded.proj4text;
    INSERT INTO public.spatial_ref_sys (srid, auth_name, auth_srid, srtext, proj4text)
    SELECT code, 'GEOIOC', code,
        'PROJCS["VN-2000 / ' || name || '",' || geographic || ',PROJECTION["Transverse_Mercator"],'
        || 'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",' || meridian || '],'
        || 'PARAMETER["scale_factor",' || scale || '],PARAMETER["false_easting",500000],PARAMETER["false_northing",0],'
        || 'UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],'
        || 'AUTHORITY["EPSG","' || code || '"]]',
        '+proj=tmerc +lat_0=0 +lon_0=' || meridian || ' +k=' || scale
        || ' +x_0=500000 +y_0=0 +ellps=WGS84 +towgs84=' || towgs84 || ' +units=m +no_defs'
    FROM (VALUES
        (3405, 'UTM zone 48N', '105', '0.9996'), (3406, 'UTM zone 49N', '111', '0.9996'),
        (5896, 'TM-3 zone 481', '102', '0.9999'), (5897, 'TM-3 zone 482', '105', '0.9999'),
        (5898, 'TM-3 zone 491', '108', '0.9999'), (5899, 'TM-3 107-45', '107.75', '0.9999'),
        (9205, 'TM-3 103-00', '103', '0.9999'), (9206, 'TM-3 104-00', '104', '0.9999'),
        (9207, 'TM-3 104-30', '104.5', '0.9999'), (9208, 'TM-3 104-45', '104.75', '0.9999'),
        (9209, 'TM-3 105-30', '105.5', '0.9999'), (9210, 'TM-3 105-45', '105.75', '0.9999'),
        (9211, 'TM-3 106-00', '106', '0.9999'), (9212, 'TM-3 106-15', '106.25', '0.9999'),
        (9213, 'TM-3 106-30', '106.5', '0.9999'), (9214, 'TM-3 107-00', '107', '0.9999'),
        (9215, 'TM-3 107-15', '107.25', '0.9999'), (9216, 'TM-3 107-30', '107.5', '0.9999'),
        (9217, 'TM-3 108-15', '108.25', '0.9999'), (9218, 'TM-3 108-30', '108.5', '0.9999')
    ) AS zone (code, name, meridian, scale)
    ON CONFLICT (srid) DO UPDATE
        SET auth_name = excluded.auth_name, srtext = excluded.srtext, proj4text = excluded.proj4text;
END $$
"""
