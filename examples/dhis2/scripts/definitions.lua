-- SPDX-License-Identifier: MIT
require "dhis2" {
  metadata = { "data/metadata.json", "data/organisationUnits.csv" },
  levels = { "region", "district", "facility" },
}
