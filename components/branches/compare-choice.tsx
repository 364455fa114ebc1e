import { Button } from "#components/ui/button.tsx";
import { Select } from "#components/ui/select.tsx";

interface CompareChoiceProps {
  branches: readonly { id: string; name: string }[];
  left: string;
  right: string;
}

/** Which two branches stand side by side: a plain form, so that the address names them. */
export function CompareChoice({ branches, left, right }: CompareChoiceProps) {
  return (
    <form className="mb-5 flex flex-wrap items-center gap-2">
      <Choice name="branch" label="Left branch" value={left} branches={branches} />
      <Choice name="with" label="Right branch" value={right} branches={branches} />
      <Button type="submit">Compare</Button>
    </form>
  );
}

interface ChoiceProps {
  name: string;
  label: string;
  value: string;
  branches: readonly { id: string; name: string }[];
}

function Choice({ name, label, value, branches }: ChoiceProps) {
  return (
    <Select key={value} name={name} aria-label={label} defaultValue={value} className="max-w-60 truncate">
      {branches.map((branch) => (
        <option key={branch.id} value={branch.id}>
          {branch.name}
        </option>
      ))}
    </Select>
  );
}
