#!/bin/sh
# SPDX-License-Identifier: MIT
# T1-T9 of plan 100 against a computation that shares nothing with the engine.
exec sh "$(dirname "$0")/reference/compare.sh"
