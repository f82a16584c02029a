/* x86-64: the ELF file of pads; see pad_file.h. Arch layer. */
#include "tracer/arch/pad_file.h"

#include <elf.h>
#include <stdint.h>

/* DWARF 5, 6.4.1 and 7.24; LSB Core 5.0, 10.5 and 10.6, of .eh_frame; psABI, figure 3.36, of registers. */
enum {
	CFA_NOP = 0x00,
	CFA_DEF_CFA = 0x0c,
	CFA_OFFSET = 0x80,
	PE_UDATA4 = 0x03,
	PE_SDATA4 = 0x0b,
	PE_SDATA8 = 0x0c,
	PE_PCREL = 0x10,
	PE_DATAREL = 0x30,
	DWARF_RSP = 7,
	DWARF_RETURN = 16,
	WORD_BYTES = 8,
	MINUS_8_SLEB = 0x78,
};

struct cie {
	uint32_t bytes, id;
	uint8_t version;
	char augmentation[3];
	uint8_t code_factor, data_factor, return_register, augmentation_bytes, pointer_encoding;
	uint8_t def_cfa[3], offset[2];
	uint8_t nops[2];
};
struct fde {
	uint32_t bytes, cie_distance;
	/* Of 8 bytes each, in words of 4: nothing is between the members. */
	uint32_t start_distance[2], code_bytes[2];
	uint8_t augmentation_bytes;
	uint8_t nops[3];
};
struct eh_frame {
	struct cie cie;
	struct fde fde;
	uint32_t end;
};
struct eh_frame_hdr {
	uint8_t version, pointer_encoding, count_encoding, table_encoding;
	int32_t eh_frame_distance;
	uint32_t count;
	struct {
		int32_t start, fde;
	} table[2];
};
_Static_assert(sizeof(struct cie) % 4 == 0 && sizeof(struct fde) % 4 == 0, "padding");

/* The string table: of sections and of symbols. */
struct names {
	char none[1], hdr[sizeof(".eh_frame_hdr")], frame[sizeof(".eh_frame")];
	char text[sizeof(".text")], symtab[sizeof(".symtab")], strtab[sizeof(".strtab")];
	char pad[sizeof("mprof_trace_pad")];
};

enum {
	SECTION_NONE,
	SECTION_HDR,
	SECTION_FRAME,
	SECTION_TEXT,
	SECTION_SYMTAB,
	SECTION_STRTAB,
	SECTIONS
};
enum { SEGMENT_LOAD, SEGMENT_HDR, SEGMENTS };

/*
 * All of the program's memory from the file's beginning on. Who maps the file at several places may take the lowest one for the
 * beginning of all (perf with libunwind does), and the distance from there, cut to 32 bits, for negative: then it finds
 * the first row of the table, otherwise the second, which says the same.
 */
enum { ADDRESS_BITS = 47 };

/*
 * perf(1) asks addr2line(1) for the name of what is no address, which that takes for 0, and waits for the answer that there is
 * none. So there must be none at 0; nor is there a pad.
 */
enum { NOT_NAMED_BYTES = 64 };

struct pad_file {
	Elf64_Ehdr ehdr;
	Elf64_Phdr segments[SEGMENTS];
	Elf64_Shdr sections[SECTIONS];
	struct eh_frame_hdr hdr;
	struct eh_frame frame;
	Elf64_Sym symbols[2];
	struct names names;
};
_Static_assert(sizeof(struct pad_file) <= 4096, "it lies in one page");

#define AT(member) offsetof(struct pad_file, member)
#define SIZE(member) sizeof(((struct pad_file *)0)->member)
/* Its address in the memory is its place in the file. */
#define SECTION(of_name, of_type, of_flags, member)                                                \
	.sh_name = offsetof(struct names, of_name), .sh_type = (of_type), .sh_flags = (of_flags),  \
	.sh_addr = (of_flags) != 0 ? AT(member) : 0, .sh_offset = AT(member),                      \
	.sh_size = SIZE(member)

static const struct pad_file file = {
	.ehdr = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
		.e_type = ET_DYN,
		.e_machine = EM_X86_64,
		.e_version = EV_CURRENT,
		.e_phoff = AT(segments),
		.e_shoff = AT(sections),
		.e_ehsize = sizeof(Elf64_Ehdr),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = SEGMENTS,
		.e_shentsize = sizeof(Elf64_Shdr),
		.e_shnum = SECTIONS,
		.e_shstrndx = SECTION_STRTAB,
	},
	.segments = {
		[SEGMENT_LOAD] = {
			.p_type = PT_LOAD,
			.p_flags = PF_R | PF_X,
			.p_filesz = sizeof(struct pad_file),
			.p_memsz = ARCH_PAD_FILE_BYTES,
			.p_align = 4096,
		},
		[SEGMENT_HDR] = {
			.p_type = PT_GNU_EH_FRAME,
			.p_flags = PF_R,
			.p_offset = AT(hdr),
			.p_vaddr = AT(hdr),
			.p_paddr = AT(hdr),
			.p_filesz = SIZE(hdr),
			.p_memsz = SIZE(hdr),
			.p_align = 4,
		},
	},
	.sections = {
		[SECTION_HDR] = { SECTION(hdr, SHT_PROGBITS, SHF_ALLOC, hdr), .sh_addralign = 4 },
		[SECTION_FRAME] = { SECTION(frame, SHT_PROGBITS, SHF_ALLOC, frame), .sh_addralign = 4 },
		/* It is all that there can be, and in the memory alone. */
		[SECTION_TEXT] = {
			.sh_name = offsetof(struct names, text),
			.sh_type = SHT_NOBITS,
			.sh_flags = SHF_ALLOC | SHF_EXECINSTR,
			.sh_addr = NOT_NAMED_BYTES,
			.sh_offset = NOT_NAMED_BYTES,
			.sh_size = ARCH_PAD_FILE_BYTES - NOT_NAMED_BYTES,
			.sh_addralign = 16,
		},
		[SECTION_SYMTAB] = {
			SECTION(symtab, SHT_SYMTAB, 0, symbols),
			.sh_link = SECTION_STRTAB,
			.sh_info = 1,
			.sh_addralign = 8,
			.sh_entsize = sizeof(Elf64_Sym),
		},
		[SECTION_STRTAB] = { SECTION(strtab, SHT_STRTAB, 0, names), .sh_addralign = 1 },
	},
	.hdr = {
		.version = 1,
		.pointer_encoding = PE_PCREL | PE_SDATA4,
		.count_encoding = PE_UDATA4,
		.table_encoding = PE_DATAREL | PE_SDATA4,
		.eh_frame_distance = (int32_t)AT(frame) - (int32_t)AT(hdr.eh_frame_distance),
		.count = 2,
		.table = {
			{ INT32_MIN, (int32_t)AT(frame.fde) - (int32_t)AT(hdr) },
			{ -(int32_t)AT(hdr), (int32_t)AT(frame.fde) - (int32_t)AT(hdr) },
		},
	},
	.frame = {
		.cie = {
			.bytes = sizeof(struct cie) - sizeof(uint32_t),
			.version = 1,
			.augmentation = "zR",
			.code_factor = 1,
			.data_factor = MINUS_8_SLEB,
			.return_register = DWARF_RETURN,
			.augmentation_bytes = 1,
			.pointer_encoding = PE_PCREL | PE_SDATA8,
			.def_cfa = { CFA_DEF_CFA, DWARF_RSP, WORD_BYTES },
			.offset = { CFA_OFFSET | DWARF_RETURN, 1 },
			.nops = { CFA_NOP },
		},
		.fde = {
			.bytes = sizeof(struct fde) - sizeof(uint32_t),
			.cie_distance = AT(frame.fde.cie_distance) - AT(frame.cie),
			.start_distance = { -(uint32_t)AT(frame.fde.start_distance), UINT32_MAX },
			.code_bytes = { 0, 1 << (ADDRESS_BITS - 32) },
			.nops = { CFA_NOP },
		},
	},
	.symbols = {
		[1] = {
			.st_name = offsetof(struct names, pad),
			.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
			.st_shndx = SECTION_TEXT,
			.st_value = NOT_NAMED_BYTES,
			.st_size = ARCH_PAD_FILE_BYTES - NOT_NAMED_BYTES,
		},
	},
	.names = {
		.hdr = ".eh_frame_hdr",
		.frame = ".eh_frame",
		.text = ".text",
		.symtab = ".symtab",
		.strtab = ".strtab",
		.pad = "mprof_trace_pad",
	},
};

const void *arch_pad_file(size_t *ret_bytes)
{
	*ret_bytes = sizeof(file);
	return &file;
}
