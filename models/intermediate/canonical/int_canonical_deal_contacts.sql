with

unioned as (
    select * from {{ ref('stg_files__deal_contacts') }}
)

select * from unioned
