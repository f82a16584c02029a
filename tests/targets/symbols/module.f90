! Fortran: a module's procedures, an external one, one within another.
module solver
  implicit none
  integer :: count_step = 0, count_inner = 0
contains
  subroutine step(x)
    integer, intent(inout) :: x
    count_step = count_step + 1
    x = x + 1
    call within()
  contains
    subroutine within()
      count_inner = count_inner + 1
      x = x + 2
    end subroutine within
  end subroutine step
  integer function norm(x)
    integer, intent(in) :: x
    norm = x * 2
  end function norm
end module solver

subroutine outside(x)
  integer, intent(inout) :: x
  x = x - 1 ! a line of outside
end subroutine outside

program main
  use solver
  implicit none
  integer :: i, x, n
  external :: outside
  x = 0
  n = 0
  do i = 1, 5
    call step(x)
  end do
  do i = 1, 3
    call outside(x)
    n = n + norm(x)
  end do
  print '(a, i0)', 'count step ', count_step
  print '(a, i0)', 'count inner ', count_inner
  print '(a, i0)', 'sum ', x + n
end program main
