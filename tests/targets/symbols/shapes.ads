package Shapes is
   Count_Grow : Integer := 0;
   procedure Grow (By : Integer);
   pragma No_Inline (Grow);
end Shapes;
