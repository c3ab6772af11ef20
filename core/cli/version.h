/* SPDX-License-Identifier: MIT */
#ifndef KH_CLI_VERSION_H
#define KH_CLI_VERSION_H
#define KH_VERSION "0.1.0"
#endif
