-- Empty after a build: the gate keeps this ledger and writes it into the publication.
with

final as (
    select
        cast(null as string) as run_id,
        cast(null as timestamp) as checked_at,
        cast(null as string) as check_name,
        cast(null as string) as table_name,
        cast(null as string) as severity,
        cast(null as boolean) as is_passed,
        cast(null as boolean) as is_waived,
        cast(null as string) as observed,
        cast(null as string) as expected,
        cast(null as bigint) as failing_rows
    from {{ ref('stg_closedloop__run_settings') }}
    where 1 = 0
)

select * from final
