-- SPDX-License-Identifier: MIT
-- The province, its districts and communes through their mergers, and the
-- agencies of the province that the plan names.

units { file = "data/units.csv" }
successors { file = "data/successors.csv" }

unit "bchqs"   { name = "Bộ Chỉ huy Quân sự tỉnh", short = "BCHQS tỉnh", kind = "agency", parent = "20" }
unit "cat"     { name = "Công an tỉnh", kind = "agency", parent = "20" }
unit "bdbp"    { name = "Bộ Chỉ huy Bộ đội Biên phòng tỉnh", short = "BCH BĐBP tỉnh", kind = "agency", parent = "20" }
unit "skhdt"   { name = "Sở Kế hoạch và Đầu tư", short = "Sở KH&ĐT", kind = "agency", parent = "20" }
unit "stc"     { name = "Sở Tài chính", kind = "agency", parent = "20" }
unit "sgddt"   { name = "Sở Giáo dục và Đào tạo", short = "Sở GD&ĐT", kind = "agency", parent = "20" }
unit "snnptnt" { name = "Sở Nông nghiệp và Phát triển nông thôn", short = "Sở NN&PTNT", kind = "agency", parent = "20" }
unit "sgtvt"   { name = "Sở Giao thông Vận tải", short = "Sở GTVT", kind = "agency", parent = "20" }
unit "vpubnd"  { name = "Văn phòng UBND tỉnh", short = "VP UBND tỉnh", kind = "agency", parent = "20" }
unit "mttq"    { name = "Ủy ban Mặt trận Tổ quốc tỉnh", short = "UB MTTQ tỉnh", kind = "agency", parent = "20" }
unit "sldtbxh" { name = "Sở Lao động, Thương binh và Xã hội", short = "Sở LĐTB&XH", kind = "agency", parent = "20" }
unit "syt"     { name = "Sở Y tế", kind = "agency", parent = "20" }
unit "snv"     { name = "Sở Nội vụ", kind = "agency", parent = "20" }
unit "stttt"   { name = "Sở Thông tin và Truyền thông", short = "Sở TT&TT", kind = "agency", parent = "20" }
-- Takes part (duty III.1e) but sends no returns.
unit "dvqd"    { name = "Đơn vị chủ lực, kinh tế - quốc phòng trên địa bàn", short = "Đơn vị QĐ", kind = "partner", parent = "20" }
