-- SPDX-License-Identifier: MIT
-- By what the figures are broken down.

category "group" {
  title = "Nhóm đối tượng bồi dưỡng",
  options = { "1", "2", "3", "4" },
}

category "bloc" {
  title = "Khối",
  options = {
    { "dang", title = "Khối Đảng, đoàn thể" },
    { "chinh-quyen", title = "Khối chính quyền" },
    { "co-so", title = "Khối xã, phường, thị trấn" },
    { "doanh-nghiep", title = "Khối doanh nghiệp" },
  },
}

category "school" {
  title = "Bậc học",
  options = { { "thpt", title = "Học sinh THPT" }, { "sv", title = "Sinh viên" } },
}

category "exercise" {
  title = "Loại diễn tập",
  options = {
    { "kvpt", title = "Khu vực phòng thủ" },
    { "plb", title = "Phòng, chống lụt bão" },
    { "tkcn", title = "Tìm kiếm cứu nạn" },
  },
}

category "ground" {
  title = "Loại thao trường",
  options = {
    { "ban", title = "Trường bắn" },
    { "huan-luyen", title = "Thao trường huấn luyện" },
    { "tong-hop", title = "Thao trường tổng hợp" },
  },
}

category "budget_line" {
  title = "Mục chi",
  options = {
    { "GD", title = "Giáo dục, bồi dưỡng kiến thức QP-AN" },
    { "DT", title = "Diễn tập" },
    { "DQ", title = "Dân quân tự vệ" },
    { "DB", title = "Dự bị động viên" },
    { "TQ", title = "Tuyển quân" },
    { "TT", title = "Thao trường" },
    { "CT", title = "Công trình quốc phòng" },
    { "KT", title = "Kiểm tra, sơ kết, tổng kết" },
  },
}

category "task" {
  title = "Nhiệm vụ",
  options = {
    { "II.1", title = "Giáo dục chính trị, tư tưởng" },
    { "II.2", title = "Huy động hệ thống chính trị; giáo dục QP-AN" },
    { "II.3", title = "Kết hợp kinh tế với quốc phòng" },
    { "II.4", title = "Xây dựng lực lượng vũ trang địa phương" },
    { "II.5", title = "Phối hợp công an - quân sự; đối ngoại biên giới" },
    { "II.6", title = "Thế trận quốc phòng toàn dân" },
    { "II.7", title = "Kiểm tra, sơ kết, khen thưởng" },
  },
}
