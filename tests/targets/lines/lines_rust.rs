// Lines of Rust that take and give back so many pages; see gains.h.
use std::ptr;

const PAGE: usize = 4096;

extern "C" {
    fn mmap(at: *mut u8, bytes: usize, protection: i32, flags: i32, fd: i32, offset: i64) -> *mut u8;
    fn munmap(at: *mut u8, bytes: usize) -> i32;
}

#[inline(never)]
fn grow(pages: usize) -> *mut u8 {
    unsafe {
        let ret = mmap(ptr::null_mut(), pages * PAGE, 3, 0x22, -1, 0);
        ptr::write_bytes(ret, 1, pages * PAGE);
        ret
    }
}

#[inline(never)]
fn give_back(memory: *mut u8, pages: usize) {
    unsafe { munmap(memory, pages * PAGE) };
}

#[inline(never)]
fn works(n: usize) -> usize {
    let a = grow(8); // lines_rust::works: 2 times, 16 pages
    let mut kept = 0;
    for _ in 0..n {
        grow(3); // lines_rust::works: 6 times, 18 pages
        kept += 1;
    }
    give_back(a, 8); // lines_rust::works: 2 times, -16 pages
    kept
}

#[inline(never)]
fn recurses(n: usize) -> usize {
    grow(2); // lines_rust::recurses: 4 times, 8 pages
    if n == 0 {
        return 0;
    }
    recurses(n - 1) + 1
}

fn main() {
    give_back(grow(1), 1);
    println!("{} {} {}", works(2), works(4), recurses(3));
}
