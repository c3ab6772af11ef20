-- Who reports. A kind of unit has a level, which is what commands ask for
-- (--level district), and a word that stands before the names.
kind "province" { level = "province", title = "Tỉnh", title_en = "Province" }
kind "district" { level = "district", title = "Huyện", title_en = "District" }

-- code,name,kind,parent,valid_from,valid_to; any other column is a group of the unit.
units { file = "data/units.csv" }
