-- One row is a statement that two identifiers are one, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'identity_links') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, identifier, linked_identifier
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
        identifier,
        linked_identifier,

        kind,

        occurred_at
    from newest
)

select * from renamed
