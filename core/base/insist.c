/* SPDX-License-Identifier: MIT */
/*
 * Memory for libraries that do not look at their allocations. Their calls of
 * malloc and its kin go through slots that the dynamic linker has filled; here
 * the slots of one library are filled anew. Nothing of this process but the
 * library itself calls differently, and other tools that replace malloc
 * (sanitizers, valgrind) still see every call.
 */
#include "base/insist.h"

#include "base/mem.h"

#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__x86_64__)
#define IS_SLOT(type) ((type) == R_X86_64_JUMP_SLOT || (type) == R_X86_64_GLOB_DAT)
#elif defined(__aarch64__)
#define IS_SLOT(type) ((type) == R_AARCH64_JUMP_SLOT || (type) == R_AARCH64_GLOB_DAT)
#else
#define IS_SLOT(type) false
#endif

static void *realloc_or_end(void *p, size_t n) { return kh_realloc(p, n, 1); }

static ElfW(Addr) replacement(const char *name)
{
    return strcmp(name, "malloc") == 0    ? (ElfW(Addr))kh_alloc
           : strcmp(name, "calloc") == 0  ? (ElfW(Addr))kh_zalloc
           : strcmp(name, "realloc") == 0 ? (ElfW(Addr))realloc_or_end
                                          : 0;
}

typedef struct object {
    ElfW(Addr) base;
    const ElfW(Sym) *symbols;
    const char *names;
    const ElfW(Rela) *tables[2]; /* calls, and addresses that are taken */
    size_t bytes[2];
    ElfW(Addr) sealed, sealed_end; /* what was made read-only once the slots were filled (RELRO) */
} object;

/* The linker has made these addresses absolute on some machines and not on others. */
static ElfW(Addr) absolute(const object *o, ElfW(Addr) a) { return a < o->base ? a + o->base : a; }

static bool read_object(const struct dl_phdr_info *info, object *o)
{
    const ElfW(Dyn) *d = NULL;
    const ElfW(Addr) page = (ElfW(Addr))sysconf(_SC_PAGESIZE);
    *o = (object){.base = info->dlpi_addr};
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        if (p->p_type == PT_DYNAMIC)
            d = (const ElfW(Dyn) *)(o->base + p->p_vaddr);
        else if (p->p_type == PT_GNU_RELRO) {
            o->sealed = (o->base + p->p_vaddr) / page * page;
            o->sealed_end = (o->base + p->p_vaddr + p->p_memsz) / page * page;
        }
    }
    for (; d && d->d_tag != DT_NULL; d++) {
        ElfW(Addr) a = absolute(o, d->d_un.d_ptr);
        switch (d->d_tag) {
        case DT_SYMTAB: o->symbols = (const ElfW(Sym) *)a; break;
        case DT_STRTAB: o->names = (const char *)a; break;
        case DT_JMPREL: o->tables[0] = (const ElfW(Rela) *)a; break;
        case DT_PLTRELSZ: o->bytes[0] = d->d_un.d_val; break;
        case DT_RELA: o->tables[1] = (const ElfW(Rela) *)a; break;
        case DT_RELASZ: o->bytes[1] = d->d_un.d_val; break;
        default: break;
        }
    }
    return o->symbols && o->names;
}

static void fill(const object *o)
{
    for (int t = 0; t < 2; t++)
        for (size_t i = 0; o->tables[t] && i < o->bytes[t] / sizeof *o->tables[t]; i++) {
            const ElfW(Rela) *r = &o->tables[t][i];
            if (!IS_SLOT(ELF64_R_TYPE(r->r_info)))
                continue;
            ElfW(Addr) to = replacement(o->names + o->symbols[ELF64_R_SYM(r->r_info)].st_name);
            if (to)
                *(ElfW(Addr) *)(o->base + r->r_offset) = to;
        }
}

static int visit(struct dl_phdr_info *info, size_t size, void *library)
{
    (void)size;
    object o;
    if (!info->dlpi_name || !strstr(info->dlpi_name, library) || !read_object(info, &o))
        return 0;
    if (o.sealed_end > o.sealed && mprotect((void *)o.sealed, o.sealed_end - o.sealed, PROT_READ | PROT_WRITE) != 0)
        return 1;
    fill(&o);
    if (o.sealed_end > o.sealed)
        mprotect((void *)o.sealed, o.sealed_end - o.sealed, PROT_READ);
    return 1;
}

void kh_insist_on_memory(const char *library)
{
    static const char *done[4];
    size_t i = 0;
    while (i < sizeof done / sizeof *done && done[i] && strcmp(done[i], library) != 0)
        i++;
    if (i == sizeof done / sizeof *done || done[i])
        return;
    done[i] = library;
    dl_iterate_phdr(visit, (void *)(size_t)library);
}
