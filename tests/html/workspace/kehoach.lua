-- SPDX-License-Identifier: MIT
-- A workspace of one report that has every block, every kind of chart with its hard cases, and names made to break things.
workspace { name = "Mọi thứ", scripts = { "scripts" }, note = "SỐ LIỆU MINH HỌA & <thử>" }
