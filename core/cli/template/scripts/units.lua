-- Who reports: the units, their kinds, and how the kinds are called.
kind "province" { level = "province", title = "Tỉnh", title_en = "Province" }
kind "district" { level = "district", title = "Huyện", title_en = "District" }

units { file = "data/units.csv" }
