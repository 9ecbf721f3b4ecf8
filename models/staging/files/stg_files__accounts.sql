-- One row is a company, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'accounts') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, account_id
        order by {{ newest_first() }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

renamed as (
    select
        source_system,
        account_id,

        name,
        domain,
        industry,
        country,
        owner,

        employee_count
    from newest
)

select * from renamed
