-- This folder is a kehoach workspace: the commands find it by this file.
-- Everything in it is a small example. Change it into your own plan, step by step:
-- `kehoach load` says after each step what changed, or what is wrong and where.
workspace {
  name = "Kế hoạch của tôi",
  store = "kehoach.db",                       -- one file holds everything that was imported
  lang = "vi",                                -- or "en"
  calendar = "civil",                         -- or "nd09": reporting periods of Decree 09/2019/NĐ-CP
  scripts = { "scripts" },                    -- every .lua below is loaded, in name order; lib/ is for require
  grant = { read = { "data", "inbox" }, write = { "out" } }, -- the only folders that scripts may use
  limits = { memory = "256M", time = "5m" },  -- of each run of a script
  note = "SỐ LIỆU MẪU",                       -- stands on every report; take it out when the figures are real
}
