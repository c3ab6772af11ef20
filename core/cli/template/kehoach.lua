-- This folder is a kehoach workspace: the commands find it by this file.
workspace {
  name = "Kế hoạch của tôi",
  store = "kehoach.db",                       -- one file holds everything that was imported
  lang = "vi",
  calendar = "civil",                         -- or "nd09": reporting periods of Decree 09/2019/NĐ-CP
  scripts = { "scripts" },                    -- every .lua below is loaded, in name order; lib/ is for require
  grant = { read = { "data", "inbox" }, write = { "out" } },
  limits = { memory = "256M", time = "5m" },
}
