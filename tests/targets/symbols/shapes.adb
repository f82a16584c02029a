package body Shapes is
   Size : Integer := 0;
   procedure Grow (By : Integer) is
   begin
      Count_Grow := Count_Grow + 1;
      Size := Size + By;
   end Grow;
end Shapes;
