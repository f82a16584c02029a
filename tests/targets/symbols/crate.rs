// Rust: functions, generics, methods, traits, closures.
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

static COUNT_PLAIN: AtomicUsize = AtomicUsize::new(0);
static COUNT_GENERIC: AtomicUsize = AtomicUsize::new(0);
static COUNT_METHOD: AtomicUsize = AtomicUsize::new(0);
static COUNT_TRAIT: AtomicUsize = AtomicUsize::new(0);

mod shapes {
    use super::*;
    pub struct Disc(pub u64);
    pub trait Area {
        fn area(&self) -> u64;
    }
    impl Disc {
        #[inline(never)]
        pub fn grow(&mut self, by: u64) {
            COUNT_METHOD.fetch_add(1, SeqCst);
            self.0 += by;
        }
    }
    impl Area for Disc {
        #[inline(never)]
        fn area(&self) -> u64 {
            COUNT_TRAIT.fetch_add(1, SeqCst);
            self.0 * self.0
        }
    }
    #[inline(never)]
    pub fn plain(x: u64) -> u64 {
        COUNT_PLAIN.fetch_add(1, SeqCst);
        x + 1
    }
    #[inline(never)]
    pub fn generic<T: Into<u64>>(x: T) -> u64 {
        COUNT_GENERIC.fetch_add(1, SeqCst);
        x.into() + 2
    }
}

fn main() {
    use shapes::Area;
    let mut disc = shapes::Disc(1);
    let mut sum = 0;
    for i in 0..4 {
        sum += shapes::plain(i);
        disc.grow(i);
    }
    for i in 0..3u8 {
        sum += shapes::generic(i) + shapes::generic(i as u32);
    }
    for _ in 0..2 {
        sum += disc.area();
    }
    println!("count plain {}", COUNT_PLAIN.load(SeqCst));
    println!("count generic {}", COUNT_GENERIC.load(SeqCst));
    println!("count method {}", COUNT_METHOD.load(SeqCst));
    println!("count trait {}", COUNT_TRAIT.load(SeqCst));
    println!("sum {}", sum);
}
