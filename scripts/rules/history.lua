-- SPDX-License-Identifier: MIT
-- Checks against other periods and against the units tree.

-- The list of communes in DT-01 must have as many names as its own total says.
rule "communes-list-complete" {
  severity = "error",
  check = function(m) return m.commune_exercise:otherwise(0):eq(m.communes_exercised) end,
  scope = { kind = "district" },
  message = "danh sách có {commune_exercise} xã nhưng dòng tổng ghi {communes_exercised}",
}

-- What a district gives as its number of communes, against the tree at the year's end.
rule "communes-listed-as-in-tree" {
  severity = "warning",
  check = function(m) return m.communes_listed:eq(kh.count_units("commune")) end,
  scope = { kind = "district" },
  message = "huyện ghi {communes_listed} xã, khác với danh mục đơn vị hành chính",
}

-- A quota that moves by more than 30 % from one year to the next is worth a telephone call.
rule "quota-jump" {
  severity = "warning",
  check = function(m)
    local before = m.recruits_quota:prev(1)
    return kh.abs(m.recruits_quota - before):le(0.3 * before)
  end,
  message = "chỉ tiêu tuyển quân {recruits_quota} thay đổi quá 30% so với năm trước",
}

rule "reserve-jump" {
  severity = "warning",
  check = function(m)
    local before = m.reserve_registered:prev(1)
    return kh.abs(m.reserve_registered - before):le(0.2 * before)
  end,
  message = "số quân nhân dự bị {reserve_registered} thay đổi quá 20% so với kỳ trước",
}
