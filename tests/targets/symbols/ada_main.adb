--  Ada: a package's procedures, one within another.
with Ada.Text_IO;
with Shapes;

procedure Ada_Main is
   Count_Local : Integer := 0;
   Sum : Integer := 0;

   procedure Local (X : Integer);
   pragma No_Inline (Local);
   procedure Local (X : Integer) is
   begin
      Count_Local := Count_Local + 1;
      Sum := Sum + X;
   end Local;
begin
   for I in 1 .. 4 loop
      Shapes.Grow (I);
   end loop;
   for I in 1 .. 3 loop
      Local (I);
   end loop;
   Ada.Text_IO.Put_Line ("count grow" & Integer'Image (Shapes.Count_Grow));
   Ada.Text_IO.Put_Line ("count local" & Integer'Image (Count_Local));
end Ada_Main;
