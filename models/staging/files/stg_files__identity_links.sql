-- One row is a statement that two identifiers are one, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'identity_links') }}
),

identifiers as (
    select
        raw_value,
        min(hash) as email_hash
    from {{ source('raw_files', '_identifiers') }}
    where kind in ('email', 'email_hash')
    group by raw_value
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
        newest.source_system,
        newest.identifier,
        newest.linked_identifier,
        firsts.email_hash,
        seconds.email_hash as linked_email_hash,

        newest.kind,

        newest.occurred_at
    from newest
    left join identifiers as firsts
        on newest.identifier = firsts.raw_value
    left join identifiers as seconds
        on newest.linked_identifier = seconds.raw_value
)

select * from renamed
