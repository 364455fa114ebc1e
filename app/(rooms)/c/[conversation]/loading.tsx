import { Skeleton } from "#components/ui/skeleton.tsx";

/** The shape of a thread, while it is read. */
export default function Loading() {
  return (
    <div role="status" aria-label="Opening the conversation" className="flex h-full flex-1 flex-col">
      <div className="flex h-14 shrink-0 items-center border-b border-line px-5">
        <Skeleton className="h-4 w-52" />
      </div>
      <div className="mx-auto grid w-full max-w-[744px] content-start gap-8 px-5 pt-8">
        {["w-2/5", "w-full", "w-3/5", "w-11/12"].map((width) => (
          <div key={width} className="grid gap-2.5 pl-9">
            <Skeleton className="h-3.5 w-20" />
            <Skeleton className={`h-10 rounded-bubble ${width}`} />
          </div>
        ))}
      </div>
    </div>
  );
}
