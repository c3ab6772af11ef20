-- Tests of your own scripts: `kehoach test` runs every *_test.lua here. Each
-- describe begins with an empty store in memory; the real one is never touched.
describe("CLEAN", function()
  import("NS-01_101_2024Q1.csv", "Đơn vị,Số hộ,Số hộ dùng nước sạch\nSông Trên,1000,950\n")
  import("NS-01_102_2024Q1.csv", "Đơn vị,Số hộ,Số hộ dùng nước sạch\nSông Giữa,3000,2400\n")

  it("is the share of households", function()
    expect(kh.value("CLEAN", "101", "2024Q1")).equals(95)
  end)

  it("of the province is the ratio of the sums, not the mean of the rates", function()
    expect(kh.value("CLEAN", "1", "2024Q1")).equals(83.75) -- 3350 of 4000; the mean would be 87.5
  end)

  it("is missing where nobody reported, not zero", function()
    expect(kh.value("CLEAN", "103", "2024Q1")).is_nil()
  end)
end)

describe("a return", function()
  it("with more clean than there are is refused", function()
    local result = import("NS-01_101_2024Q2.csv", "Đơn vị,Số hộ,Số hộ dùng nước sạch\nSông Trên,1000,1001\n")
    expect(result.outcome).equals("refused")
  end)
end)
