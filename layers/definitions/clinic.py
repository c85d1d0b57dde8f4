"""Hospitals, clinics and health stations."""

from layers.model import Code, Column, Geometry, Layer, NotNull, OneOf, Overlay, Range, Source, Text

LAYER = Layer(
    id="clinic",
    title=Text(vi="Cơ sở y tế", en="Health facilities"),
    description=Text(vi="Bệnh viện, phòng khám, trạm y tế và số giường.", en="Hospitals, clinics, health stations and beds."),
    agency=Text(vi="Sở Y tế", en="Department of Health"),
    licence="CC-BY-4.0",
    update_cycle=Text(vi="hằng tháng", en="monthly"),
    kind="feature",
    table="clinic",
    geometry=Geometry(type="Point", x=("lon", "longitude", "KINH_DO"), y=("lat", "latitude", "VI_DO")),
    columns=(
        Column(name="clinic_code", type="text", key=True, checks=(NotNull(),),
               title=Text(vi="Mã cơ sở", en="Facility code"), source=("MA_CSYT", "osm_id")),
        Column(name="name", type="text", checks=(NotNull(),), title=Text(vi="Tên cơ sở", en="Name"),
               source=("TEN_CSYT",)),
        Column(name="category", type="text", title=Text(vi="Loại hình", en="Category"), source=("LOAI_HINH", "amenity"),
               checks=(OneOf(),),
               codes=(Code(value="hospital", title=Text(vi="Bệnh viện", en="Hospital"), colour="#e31a1c"),
                      Code(value="clinic", title=Text(vi="Phòng khám", en="Clinic"), colour="#fb9a99"),
                      Code(value="health_station", title=Text(vi="Trạm y tế", en="Health station"),
                           colour="#b15928"))),
        Column(name="beds", type="integer", title=Text(vi="Số giường", en="Beds"), source=("SO_GIUONG",),
               checks=(Range(low=0, high=5000),)),
        Column(name="doctors", type="integer", title=Text(vi="Số bác sĩ", en="Doctors"), source=("SO_BS",),
               checks=(Range(low=0, high=3000),)),
    ),
    source=Source(reader="excel", pattern="clinic*.xlsx"),
    overlay=Overlay(kind="clusters", group=Text(vi="Dịch vụ công", en="Services"), colour="#e31a1c",
                    style_by="category", label="name", icon="✚", order=31),
)  # fmt: skip
