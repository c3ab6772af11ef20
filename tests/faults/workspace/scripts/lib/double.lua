-- SPDX-License-Identifier: MIT
return function(n) return 2 * n end
