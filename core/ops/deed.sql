-- Writes down what an operator did, in the transaction of the deed, and gives the record's number.
--
--   p_deed     {"operator", "reason", "target"}: who, why, and what they asked for
--   p_outcome  what came of it, in numbers
CREATE OR REPLACE FUNCTION record_deed(p_deed jsonb, p_action text, p_outcome jsonb) RETURNS bigint
LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO operator_actions (operator, action, reason, target, outcome)
  VALUES (p_deed->>'operator', p_action, p_deed->>'reason', p_deed->'target', p_outcome)
  RETURNING id;
END;
