-- One row is a person on a deal, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'deal_contacts') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, deal_id, lead_id
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
        deal_id,
        lead_id,

        role,
        association_source,

        is_primary
    from newest
)

select * from renamed
