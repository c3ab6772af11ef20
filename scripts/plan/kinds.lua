-- SPDX-License-Identifier: MIT
-- Kinds of units. The level is what people ask for ("district"), the kind is
-- the word before the name ("Huyện").

kind "tinh"       { level = "province", title = "Tỉnh",       title_en = "Province" }
kind "thanh-pho-tw" { level = "province", title = "Thành phố", title_en = "City" }
kind "huyen"      { level = "district", title = "Huyện",      title_en = "District" }
kind "quan"       { level = "district", title = "Quận",       title_en = "District" }
kind "thi-xa"     { level = "district", title = "Thị xã",     title_en = "Town" }
kind "thanh-pho"  { level = "district", title = "Thành phố",  title_en = "City" }
kind "xa"         { level = "commune",  title = "Xã",         title_en = "Commune" }
kind "phuong"     { level = "commune",  title = "Phường",     title_en = "Ward" }
kind "thi-tran"   { level = "commune",  title = "Thị trấn",   title_en = "Township" }
kind "agency"     { level = "agency",   title = "",           title_en = "" }
kind "partner"    { level = "partner",  title = "",           title_en = "" } -- takes part, sends no returns
