! Lines of Fortran that take and give back so many pages; see gains.h. With MALLOC_MMAP_THRESHOLD_ below a MiB, each
! array is a mapping of its own, whose first page is needed when it is made.
subroutine works(n)
  implicit none
  integer, intent(in) :: n
  integer(1), allocatable :: a(:), b(:)
  integer :: i
  allocate(a(2**20)) !/* works_: 2 times, 2 pages
  a = 1 !/* works_: any times, 512 pages
  do i = 1, n
     allocate(b(2**20)) !/* works_: 6 times, 6 pages
     b(:) = 2 !/* works_: any times, 1536 pages
     if (b(i) == 0) stop 2
     deallocate(b) !/* works_: any times, -1542 pages
  end do
  if (a(7) == 0) stop 1
  deallocate(a) !/* works_: any times, -514 pages
end subroutine works

program lines_fortran
  implicit none
  call works(2)
  call works(4)
end program lines_fortran
