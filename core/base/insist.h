/* SPDX-License-Identifier: MIT */
/* Memory for a shared library that goes on without looking where an allocation of its own failed. */
#ifndef KH_BASE_INSIST_H
#define KH_BASE_INSIST_H

/* From now on malloc, calloc and realloc of the loaded library whose file name holds `library` are kh_alloc, kh_zalloc
   and kh_realloc (base/mem.h): when there is no memory the process ends with a message instead of writing through NULL,
   or a file that lacks something. For the whole process, hence also for others who use the library in it. The second call
   of a name does nothing. A library that is not loaded, or linked statically, is left as it is. */
void kh_insist_on_memory(const char *library);

#endif
