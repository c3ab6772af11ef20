-- SPDX-License-Identifier: MIT
-- Cao Lộc's plan under plan 100: the pilot district (its number and dates are
-- illustrative).

plan "183/KH-2016" {
  title = "Kế hoạch của UBND huyện Cao Lộc thực hiện Kế hoạch 100/KH-UBND",
  kind = "kế hoạch",
  issuer = "UBND huyện Cao Lộc",
  unit = "183",
  parent = "100/KH-UBND",
  place = "Cao Lộc",
  date = "2016-10-28",
  from = "2016", to = "2020",
  subject = "Làm điểm xây dựng khu vực phòng thủ huyện",
  signer = "Chủ tịch",
  references = {
    { code = "100/KH-UBND", date = "2016-09-17", role = "carries out", title = "Kế hoạch của UBND tỉnh" },
    { code = "152/2007/NĐ-CP", date = "2007-10-10", role = "cites", title = "Nghị định về khu vực phòng thủ" },
  },
  tasks = {
    { code = "1", kind = "task", title = "Làm điểm khu vực phòng thủ", track = "tám nội dung; diễn tập; thao trường", targets = { "T3", "T9" } },
    { code = "2", kind = "task", title = "Bồi dưỡng kiến thức quốc phòng, an ninh", targets = { "T1" } },
    { code = "3", kind = "task", title = "Dân quân tự vệ, dự bị động viên, tuyển quân", targets = { "T5", "T6", "T7", "T8" } },
    { code = "4", kind = "task", title = "Diễn tập chiến đấu phòng thủ ở xã, thị trấn", targets = { "T4" } },
  },
  assignments = {
    { task = "1", unit = "183", role = "lead" }, { task = "1", unit = "bchqs", role = "with" },
    { task = "2", unit = "183", role = "lead" }, { task = "3", unit = "183", role = "lead" }, { task = "4", unit = "183", role = "lead" },
  },
  milestones = {
    { code = "LD-2018", title = "Rút kinh nghiệm làm điểm", due = "2018-12-15", task = "1", unit = "183" },
    { code = "LD-2020", title = "Tổng kết làm điểm", due = "2020-12-15", task = "1", unit = "183" },
  },
  pilots = { { unit = "183", task = "1", title = "Làm điểm khu vực phòng thủ cấp huyện" } },
  note = "Số hiệu và ngày minh họa.",
}
