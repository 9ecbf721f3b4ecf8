with

persons as (
    select * from {{ ref('int_identity_persons') }}
),

final as (
    select
        lead_key,
        source_system,
        record_type,
        record_id,
        is_survivor,
        cast(null as string) as record_url
    from persons
)

select * from final
