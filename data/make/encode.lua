-- SPDX-License-Identifier: MIT
-- Bytes for a text in the encodings that departments still send: UTF-8 with or
-- without a byte order mark, UTF-16LE (what Excel calls "Unicode text"),
-- Windows-1258 and TCVN3 (the ABC fonts).
--
-- Windows-1258 has no letter for most toned vowels: the tone follows its vowel
-- as a combining mark. TCVN3 has no toned capitals (offices switched to a font
-- of capitals): such a letter is an error here, so that no file ever carries a
-- guess.

local M = {}

-- letter = base and tone, over the vowels that carry tones
local TONES = { "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}" } -- grave hook tilde acute dot below
local FAMILIES = {
  { "a", "à ả ã á ạ" }, { "ă", "ằ ẳ ẵ ắ ặ" }, { "â", "ầ ẩ ẫ ấ ậ" }, { "e", "è ẻ ẽ é ẹ" },
  { "ê", "ề ể ễ ế ệ" }, { "i", "ì ỉ ĩ í ị" }, { "o", "ò ỏ õ ó ọ" }, { "ô", "ồ ổ ỗ ố ộ" },
  { "ơ", "ờ ở ỡ ớ ợ" }, { "u", "ù ủ ũ ú ụ" }, { "ư", "ừ ử ữ ứ ự" }, { "y", "ỳ ỷ ỹ ý ỵ" },
  { "A", "À Ả Ã Á Ạ" }, { "Ă", "Ằ Ẳ Ẵ Ắ Ặ" }, { "Â", "Ầ Ẩ Ẫ Ấ Ậ" }, { "E", "È Ẻ Ẽ É Ẹ" },
  { "Ê", "Ề Ể Ễ Ế Ệ" }, { "I", "Ì Ỉ Ĩ Í Ị" }, { "O", "Ò Ỏ Õ Ó Ọ" }, { "Ô", "Ồ Ổ Ỗ Ố Ộ" },
  { "Ơ", "Ờ Ở Ỡ Ớ Ợ" }, { "U", "Ù Ủ Ũ Ú Ụ" }, { "Ư", "Ừ Ử Ữ Ứ Ự" }, { "Y", "Ỳ Ỷ Ỹ Ý Ỵ" },
}
local parts = {}
for _, family in ipairs(FAMILIES) do
  local i = 0
  for letter in family[2]:gmatch("%S+") do
    i = i + 1
    parts[letter] = { family[1], TONES[i] }
  end
end

local CP1258 = {
  ["\u{300}"] = 0xCC, ["\u{309}"] = 0xD2, ["\u{303}"] = 0xDE, ["\u{301}"] = 0xEC, ["\u{323}"] = 0xF2,
  ["Ă"] = 0xC3, ["ă"] = 0xE3, ["Â"] = 0xC2, ["â"] = 0xE2, ["Ê"] = 0xCA, ["ê"] = 0xEA, ["Ô"] = 0xD4,
  ["ô"] = 0xF4, ["Ơ"] = 0xD5, ["ơ"] = 0xF5, ["Ư"] = 0xDD, ["ư"] = 0xFD, ["Đ"] = 0xD0, ["đ"] = 0xF0,
}

local TCVN3 = {
  ["Ă"] = 0xA1, ["Â"] = 0xA2, ["Ê"] = 0xA3, ["Ô"] = 0xA4, ["Ơ"] = 0xA5, ["Ư"] = 0xA6, ["Đ"] = 0xA7,
  ["ă"] = 0xA8, ["â"] = 0xA9, ["ê"] = 0xAA, ["ô"] = 0xAB, ["ơ"] = 0xAC, ["ư"] = 0xAD, ["đ"] = 0xAE,
}
local TCVN3_TONED = { -- in the order grave hook tilde acute dot below
  a = { 0xB5, 0xB6, 0xB7, 0xB8, 0xB9 }, ["ă"] = { 0xBB, 0xBC, 0xBD, 0xBE, 0xC6 },
  ["â"] = { 0xC7, 0xC8, 0xC9, 0xCA, 0xCB }, e = { 0xCC, 0xCE, 0xCF, 0xD0, 0xD1 },
  ["ê"] = { 0xD2, 0xD3, 0xD4, 0xD5, 0xD6 }, i = { 0xD7, 0xD8, 0xDC, 0xDD, 0xDE },
  o = { 0xDF, 0xE1, 0xE2, 0xE3, 0xE4 }, ["ô"] = { 0xE5, 0xE6, 0xE7, 0xE8, 0xE9 },
  ["ơ"] = { 0xEA, 0xEB, 0xEC, 0xED, 0xEE }, u = { 0xEF, 0xF1, 0xF2, 0xF3, 0xF4 },
  ["ư"] = { 0xF5, 0xF6, 0xF7, 0xF8, 0xF9 }, y = { 0xFA, 0xFB, 0xFC, 0xFD, 0xFE },
}
for _, family in ipairs(FAMILIES) do
  local i = 0
  for letter in family[2]:gmatch("%S+") do
    i = i + 1
    if TCVN3_TONED[family[1]] then TCVN3[letter] = TCVN3_TONED[family[1]][i] end
  end
end

local function letter_by_letter(text, name, of)
  local out = {}
  for _, code in utf8.codes(text) do
    local letter = utf8.char(code)
    if code < 0x80 then
      out[#out + 1] = letter
    else
      local bytes = of(letter)
      if not bytes then error(("%s has no letter %s in: %s"):format(name, letter, text)) end
      out[#out + 1] = bytes
    end
  end
  return table.concat(out)
end

function M.cp1258(text)
  return letter_by_letter(text, "windows-1258", function(letter)
    local toned = parts[letter]
    if not toned then return CP1258[letter] and string.char(CP1258[letter]) end
    local base = CP1258[toned[1]] or toned[1]:byte()
    return string.char(base, CP1258[toned[2]])
  end)
end

function M.tcvn3(text)
  return letter_by_letter(text, "TCVN3", function(letter)
    return TCVN3[letter] and string.char(TCVN3[letter])
  end)
end

function M.utf16le(text)
  local out = { "\xFF\xFE" }
  for _, code in utf8.codes(text) do
    assert(code < 0x10000)
    out[#out + 1] = string.char(code & 0xFF, code >> 8)
  end
  return table.concat(out)
end

function M.utf8bom(text) return "\u{FEFF}" .. text end

function M.utf8(text) return text end

return M
