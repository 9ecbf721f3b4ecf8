with

stage_entries as (
    select * from {{ ref('int_agreement_stage_entries') }}
),

final as (
    select
        lead_key,
        cast(cycle_number as bigint) as cycle_number,
        stage,

        entered_at,
        left_at,
        {{ seconds_between('entered_at', 'left_at') }} / cast(86400 as double) as days_in_stage,

        is_agreed,
        is_claimed,
        agreement_version
    from stage_entries
)

select * from final
