-- SPDX-License-Identifier: MIT
-- describe, it, expect: tests that analysts write for their scripts.
--
--   describe("T7", function()
--     import("DB-01_183_2018H1.csv", "Đơn vị,...\n")
--     it("is 85 % where 850 of 1000 are matched", function()
--       expect(kh.value("T7", "183", "2018")).equals(85)
--     end)
--   end)
--
-- Each describe begins with an empty store in memory.

local reset, import_text, tell = ... -- tell(test, why): one that failed

return function(env, chunk)
  local passed, failed = 0, 0
  local names = {}

  local function show(v)
    if type(v) == "string" then return string.format("%q", v) end
    return tostring(v)
  end

  local function fail(text) error(text, 3) end

  local checks = {}
  function checks.equals(v, want) if v ~= want then fail("expected " .. show(want) .. ", got " .. show(v)) end end
  function checks.is_near(v, want, within)
    within = within or 1e-9
    if type(v) ~= "number" or math.abs(v - want) > within then fail("expected about " .. show(want) .. ", got " .. show(v)) end
  end
  function checks.is_nil(v) if v ~= nil then fail("expected nothing (nil), got " .. show(v)) end end
  function checks.is_true(v) if v ~= true then fail("expected true, got " .. show(v)) end end
  function checks.is_false(v) if v ~= false then fail("expected false, got " .. show(v)) end end
  function checks.contains(v, part)
    if type(v) == "string" then
      if not v:find(part, 1, true) then fail("expected " .. show(v) .. " to contain " .. show(part)) end
      return
    end
    for _, x in ipairs(v) do if x == part then return end end
    fail("expected the list to contain " .. show(part))
  end
  function checks.fails(f, part)
    local ok, err = pcall(f)
    if ok then fail("expected an error") end
    if part and not tostring(err):find(part, 1, true) then fail("expected an error with " .. show(part) .. ", got: " .. tostring(err)) end
  end

  function env.expect(v)
    local t = {}
    for name, check in pairs(checks) do t[name] = function(...) return check(v, ...) end end
    return t
  end

  function env.it(name, f)
    names[#names + 1] = name
    local ok, err = pcall(f)
    if ok then
      passed = passed + 1
    else
      failed = failed + 1
      tell(table.concat(names, ": "), tostring(err))
    end
    names[#names] = nil
  end

  function env.describe(name, f)
    names[#names + 1] = name
    if #names == 1 then reset() end
    local ok, err = pcall(f)
    if not ok then
      failed = failed + 1
      tell(table.concat(names, ": "), tostring(err))
    end
    names[#names] = nil
  end

  -- A return as text, as if it were a file of that name.
  function env.import(name, text, options)
    local result, err = import_text(name, text, options)
    if not result then error(tostring(err), 2) end
    return result
  end

  chunk()
  return passed, failed
end
