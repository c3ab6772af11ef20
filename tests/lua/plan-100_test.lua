-- SPDX-License-Identifier: MIT
-- Tests of plan 100's own scripts, as an analyst writes them: kehoach test.

local DB = "STT,Đơn vị,Tổng số QNDB đã đăng ký,Số xếp đúng chuyên nghiệp QS\n"

describe("T7", function()
  import("DB-01_183_2020H2.csv", DB .. "1,Huyện Cao Lộc,1000,850\n")
  import("DB-01_189_2020H2.csv", DB .. "1,Huyện Đình Lập,100,60\n")
  it("is met at 85 % exactly", function()
    expect(kh.figure("T7", "183", "2020").status).equals("met")
  end)
  it("of the province is the ratio of the sums", function()
    expect(kh.value("T7", "20", "2020")).is_near(100 * 910 / 1100)
  end)
  it("says that the province is not complete", function()
    local f = kh.figure("T7", "20", "2020")
    expect(f.reported).equals(2)
    expect(f.expected).equals(11)
    expect(f.status).equals("partial")
  end)
end)

describe("T5", function()
  local DQ = "STT,Đơn vị,Dân quân tự vệ,,Trong đó: dân quân,\n,,Quân số,Đảng viên,Quân số,Đảng viên\n"
  import("DQ-01_183_2020H2.csv", DQ .. "1,Huyện Cao Lộc,1000,200,800,120\n")
  it("has to be above 20 %, not at it", function()
    expect(kh.figure("T5", "183", "2020").status).equals("not_met")
  end)
  it("while T6 is met at 15 %", function()
    expect(kh.figure("T6", "183", "2020").status).equals("met")
  end)
end)

describe("T4", function()
  local function held(n)
    local rows = { "STT,Nội dung,Kế hoạch,Đã thực hiện", ("II,Diễn tập chiến đấu cấp xã,22,%d"):format(n) }
    for i, name in ipairs { "Xã Gia Cát", "Xã Công Sơn", "Xã Hải Yến", "Xã Hồng Phong", "Xã Thạch Đạn", "Xã Yên Trạch" } do
      if i <= n then rows[#rows + 1] = ("%d,%s,x,x"):format(i, name) end
    end
    return table.concat(rows, "\n") .. "\n"
  end
  it("counts the communes that exist in its year", function()
    import("DT-01_183_2020.csv", held(5))
    expect(kh.value("T4", "183", "2020")).is_near(100 * 5 / 22)
    expect(kh.figure("T4", "183", "2020").status).equals("met")
  end)
  it("is missed above 25 % as well", function()
    import("DT-01_183_2020.csv", held(6))
    expect(kh.figure("T4", "183", "2020").status).equals("not_met")
  end)
end)

describe("a return", function()
  it("with more in their specialty than registered is refused", function()
    expect(import("DB-01_183_2020H2.csv", DB .. "1,Huyện Cao Lộc,100,101\n").outcome).equals("refused")
  end)
end)
